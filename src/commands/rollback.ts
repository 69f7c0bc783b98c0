import { RollbackCommand } from '../lib/cli/config/history.js';

export default class Rollback extends RollbackCommand {}
