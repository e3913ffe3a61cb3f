// What components share: the age of things, and focus that is never lost.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { act } from "./ipc";

const MINUTE = 60_000;

/** The present time, renewed with every view and once a minute while somebody can see it. */
export function useNow(view: unknown): number {
  const [, renew] = useReducer((count: number) => count + 1, 0);
  // The minute starts anew with every view.
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = () => {
      clearInterval(timer);
      if (document.hidden) return;
      timer = setInterval(() => renew(undefined), MINUTE);
    };
    const seen = () => {
      if (!document.hidden) renew(undefined);
      follow();
    };
    follow();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [view]);
  return Date.now();
}

/** Says that somebody is looking: when the window opens and when it comes into sight again. */
export function useLook(): void {
  useEffect(() => {
    const look = () => {
      // A failed read shows in the view; nothing was lost.
      if (!document.hidden) act({ do: "look" }).catch(() => {});
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
}

/** When a part with the focus goes away, the focus goes to `next` and not to nowhere. */
export function useHandBackFocus(
  part: RefObject<HTMLElement | null>,
  next: () => HTMLElement | null | undefined,
): void {
  const latest = useRef(next);
  latest.current = next;
  useLayoutEffect(() => {
    const element = part.current;
    return () => {
      if (element?.contains(document.activeElement)) queueMicrotask(() => latest.current()?.focus());
    };
  }, [part]);
}

/** "/" leads to the search, from wherever nothing is being typed. */
export function useSlash(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const at = event.target instanceof Element ? event.target : null;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (at?.matches("input, textarea")) return;
      const near = at?.closest(".account") ?? document;
      const search =
        near.querySelector<HTMLInputElement>("input[type=search]") ??
        document.querySelector<HTMLInputElement>("input[type=search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}
