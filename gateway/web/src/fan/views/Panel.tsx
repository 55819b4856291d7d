import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** The one thing of a step. When the step changes its heading takes the focus, so that a screen reader follows. */
export function Panel(props: {
  name: string;
  title: string;
  tone?: 'turn' | 'good' | 'bad' | undefined;
  quiet?: boolean;
  /** Nothing above says what the page is about. */
  alone?: boolean;
  children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  const Heading = props.alone === true ? 'h1' : 'h2';
  useEffect(() => {
    if (!first.current) heading.current?.focus({ preventScroll: false });
    first.current = false;
  }, [props.name]);
  return (
    <section class={`panel ${props.tone ?? ''}`} data-step={props.name} aria-labelledby="panel-title">
      <Heading id="panel-title" ref={heading} tabIndex={-1} class={props.quiet === true ? 'unseen' : ''}>
        {props.title}
      </Heading>
      {props.children}
    </section>
  );
}
