import { mayAct, type OperatorRole, operatorRoles } from '@onsale/shared/roles';

/**
 * The role that a token says, for what the desk offers: whoever may do what is for the gateway alone to decide. A token of
 * another form is taken for a manager's, so that nothing is hidden by a mistake of this page.
 */
export function roleIn(token: string): OperatorRole {
  try {
    const payload = token.split('.')[2]!.replaceAll('-', '+').replaceAll('_', '/');
    const { role } = JSON.parse(atob(payload)) as { role?: unknown };
    return operatorRoles.find((one) => one === role) ?? 'manager';
  } catch {
    return 'manager';
  }
}

export const mayManage = (token: string): boolean => mayAct(roleIn(token), 'manager');
