import { HistoryShowCommand } from '../../lib/cli/config/history.js';

export default class HistoryShow extends HistoryShowCommand {}
