import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../database/open.ts'
import { type Shift, workShift } from './shift.ts'

/** The second thread of a verification. */
const shift = workerData as Shift
const db = await openDatabase(shift.url)
const snapshot = await db.snapshot()
const result = await workShift(snapshot, shift)
await snapshot.close()
await db.close()
parentPort?.postMessage(result, [])
