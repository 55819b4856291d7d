import type { OperatorRoom } from '@onsale/shared/http/operator';
import { Notice } from '../ui/Notice.tsx';
import { t } from './texts.ts';
import type { Change } from './use-change.ts';

/** What became of the last change. It is in force when the worker's last tick worked by it, not when it was saved. */
export function ChangeNote({ change, room }: { change: Change; room: OperatorRoom }) {
  const [tone, words] = inWords(change, room);
  return (
    <div class="change-note" role="status" data-change={stateOf(change, room)}>
      {words !== null && (
        <Notice tone={tone}>
          <p>{words}</p>
        </Notice>
      )}
    </div>
  );
}

function stateOf(change: Change, { live, policy }: OperatorRoom): string {
  if (change.at !== 'saved') return change.at;
  if (live !== null && live.policyVersion >= change.version) return 'inForce';
  return policy.open ? 'saved' : 'savedClosed';
}

function inWords(change: Change, room: OperatorRoom): ['calm' | 'good' | 'bad', string | null] {
  switch (change.at) {
    case 'none':
      return ['calm', null];
    case 'sending':
      return ['calm', t.operator.sending];
    case 'holdSaved':
      return ['good', t.operator.holdSaved];
    case 'refused':
      return ['bad', t.operator.refused(change.problem.title)];
    case 'lost':
      return ['bad', t.operator.lost];
    case 'saved': {
      const state = stateOf(change, room);
      if (state === 'inForce') return ['good', t.operator.inForce(change.version)];
      return ['calm', t.operator[state === 'saved' ? 'sent' : 'savedClosed'](change.version)];
    }
  }
}
