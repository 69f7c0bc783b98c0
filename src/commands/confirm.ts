import { ConfirmCommand } from '../lib/cli/config/history.js';

export default class Confirm extends ConfirmCommand {}
