import { HistoryCommand } from '../../lib/cli/config/history.js';

export default class History extends HistoryCommand {}
