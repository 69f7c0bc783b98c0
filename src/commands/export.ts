import { ExportCommand } from '../lib/cli/config/export.js';

export default class Export extends ExportCommand {}
