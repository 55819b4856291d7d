import { barChart } from '../../report/chart.ts';
import { picture, widthOf } from '../../report/svg.ts';
import type { Report, Result } from '../report.ts';
import { formatted } from '../table.ts';

const NARROW = 420;
const WIDE = 720;
const GAP = 16;
/** Room for a figure at the end of a name's line, px. */
const FIGURE = 80;

/**
 * Medians as bars with the least and the greatest run, a chart for each unit: only what has the same unit has the same scale. In two
 * columns, the next chart below the shorter one; in one wide column where names are long.
 */
export function plotOf({ bench, results, machine: { noise } }: Report): string {
  const nameOf = ({ name }: Result): string => (noise.tooNoisy.includes(name) ? `${name} (too noisy)` : name);
  const fits = results.every((result) => widthOf(nameOf(result)) + FIGURE <= NARROW);
  const width = fits ? NARROW : WIDE;
  const heights = fits ? [0, 0] : [0];
  const charts: string[] = [];
  for (const [unit, group] of Map.groupBy(results, (result) => result.unit)) {
    const chart = barChart({
      title: `${bench}, ${unit}`,
      label: unit,
      format: formatted,
      width,
      bars: group.map((result) => ({
        name: nameOf(result),
        value: result.median,
        min: result.min,
        max: result.max,
      })),
    });
    const column = heights.indexOf(Math.min(...heights));
    charts.push(chart.replace('<svg ', `<svg x="${column * (width + GAP)}" y="${heights[column]}" `));
    heights[column]! += Number(/ height="([\d.]+)"/.exec(chart)![1]) + GAP;
  }
  return picture(`bin/bench ${bench}`, heights.length * (width + GAP), Math.max(...heights), charts);
}
