/**
 * What an operator may do. Each role may do all that those before it may: `viewer` reads numbers, `desk` serves fans (holds,
 * orders, stock, the door), `manager` decides (policy, refunds, cancellation).
 */
export const operatorRoles = ['viewer', 'desk', 'manager'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** Whether who has one role may do what needs another. */
export const mayAct = (has: OperatorRole, needs: OperatorRole): boolean =>
  operatorRoles.indexOf(has) >= operatorRoles.indexOf(needs);
