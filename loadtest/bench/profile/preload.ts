import { isMainThread } from 'node:worker_threads';
import { PROFILE_FOLDER, sampleThisProcess } from './sampled.ts';

/** Loaded before the script of every Node process that a profiled bench starts, by NODE_OPTIONS. */
const folder = process.env[PROFILE_FOLDER];
if (isMainThread && folder !== undefined) sampleThisProcess(folder);
