import { DiffCommand } from '../lib/cli/config/diff.js';

export default class Diff extends DiffCommand {}
