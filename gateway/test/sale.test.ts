import { describe } from 'vitest';
import { oneSale } from './sale/front.ts';
import { moneyBack } from './sale/money-back.cases.ts';
import { operators } from './sale/operators.cases.ts';
import { problems } from './sale/problems.cases.ts';
import { coreAway, shopping } from './sale/shopping.cases.ts';
import { walls } from './sale/walls.cases.ts';

/** The whole sale through its front door. Starting one costs more than most of these: all share it, in this order. */
describe('the front door', () => {
  oneSale();
  shopping();
  problems();
  walls();
  operators();
  moneyBack();
  coreAway();
});
