import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** The one thing of a step. When the step changes its heading takes the focus, so that a screen reader follows. */
export function Panel(props: {
  name: string;
  title: string;
  tone?: 'turn' | 'good' | 'bad' | undefined;
  quiet?: boolean;
  children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) heading.current?.focus({ preventScroll: false });
    first.current = false;
  }, [props.name]);
  return (
    <section class={`panel ${props.tone ?? ''}`} data-step={props.name} aria-labelledby="panel-title">
      <h2 id="panel-title" ref={heading} tabIndex={-1} class={props.quiet === true ? 'unseen' : ''}>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}
