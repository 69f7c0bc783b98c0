import { StatusCommand } from '../lib/cli/status.js';

export default class Status extends StatusCommand {}
