import { k6Binary } from '../bin/stack/k6-binary.ts';
import { describeWith } from './with-tool.ts';

export const describeWithK6 = describeWith(k6Binary());
