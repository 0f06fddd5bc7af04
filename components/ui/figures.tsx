import { exactDuration, formatDuration } from "#components/format/duration.ts";
import { type Decimal, exactMoney, formatMoney } from "#components/format/money.ts";
import { exactNumber, formatNumber, formatPercent } from "#components/format/number.ts";
import { classNames } from "#components/ui/class-names.ts";

type FigureProps = { className?: string };

function Figure({ text, exact, className }: FigureProps & { text: string; exact: string }) {
  return (
    <span className={classNames("num whitespace-nowrap", className)} title={exact === text ? undefined : exact}>
      {text}
    </span>
  );
}

/** An amount of money by its size; every digit on hover. `amount` is the API's decimal string. */
export function Money({ amount, className }: FigureProps & { amount: Decimal }) {
  return <Figure text={formatMoney(amount)} exact={exactMoney(amount)} {...(className ? { className } : {})} />;
}

/** LLM tokens by size (`1.24 M tok`); exact on hover. */
export function Tokens({ count, className }: FigureProps & { count: number }) {
  return (
    <Figure
      text={`${formatNumber(count)} tok`}
      exact={`${exactNumber(count)} tok`}
      {...(className ? { className } : {})}
    />
  );
}

/** A plain count by size; exact on hover. */
export function Count({ value, className }: FigureProps & { value: number }) {
  return <Figure text={formatNumber(value)} exact={exactNumber(value)} {...(className ? { className } : {})} />;
}

/** A span of time; exact milliseconds on hover. */
export function Duration({ durationMs, className }: FigureProps & { durationMs: number }) {
  return (
    <Figure text={formatDuration(durationMs)} exact={exactDuration(durationMs)} {...(className ? { className } : {})} />
  );
}

/** A share between 0 and 1, in percent. */
export function Percent({ share, className }: FigureProps & { share: number }) {
  return (
    <Figure text={formatPercent(share)} exact={`${exactNumber(share * 100)} %`} {...(className ? { className } : {})} />
  );
}

/**
 * The change against a previous period, in words and sign. `isRiseGood` picks the tone: true for requests, false for
 * errors, left out where neither direction is good or bad.
 */
export function Change({ now, before, isRiseGood }: { now: number; before: number; isRiseGood?: boolean }) {
  if (before === 0 && now === 0) return <span className="text-faint">no change</span>;
  if (before === 0) return <span className="text-muted">new</span>;
  const share = (now - before) / before;
  const isRise = share > 0;
  const isGood = isRiseGood === undefined || share === 0 ? undefined : isRise === isRiseGood;
  const tone = isGood === undefined ? "text-muted" : isGood ? "text-success" : "text-danger";
  return (
    <span className={classNames("num whitespace-nowrap", tone)} title={`before: ${exactNumber(before)}`}>
      <span aria-hidden>{isRise ? "▲" : share === 0 ? "=" : "▼"} </span>
      <span className="sr-only">{isRise ? "up " : "down "}</span>
      {formatPercent(Math.abs(share))}
    </span>
  );
}
