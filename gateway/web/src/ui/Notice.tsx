import type { ComponentChildren } from 'preact';

/** Something said beside what is going on. `alert` is read aloud at once. */
export function Notice(props: {
  tone: 'calm' | 'warn' | 'bad' | 'good';
  title?: string;
  alert?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class={`notice ${props.tone}`} role={props.alert === true ? 'alert' : undefined}>
      {props.title !== undefined && <p class="notice-title">{props.title}</p>}
      {props.children}
    </div>
  );
}
