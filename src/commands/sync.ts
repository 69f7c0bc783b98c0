import { SyncCommand } from '../lib/cli/config/apply.js';

export default class Sync extends SyncCommand {}
