import { useEffect, useRef } from 'preact/hooks';

/** Asks before something that cannot be taken back. The browser's own dialog: it keeps the focus and hears Escape. */
export function Confirm(props: {
  title: string;
  text: string;
  yes: string;
  no: string;
  onYes: () => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby="confirm-title" onClose={props.onClose}>
      <h2 id="confirm-title">{props.title}</h2>
      <p>{props.text}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => dialog.current?.close()}>
          {props.no}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            dialog.current?.close();
            props.onYes();
          }}
        >
          {props.yes}
        </button>
      </div>
    </dialog>
  );
}
