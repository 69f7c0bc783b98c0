import { ExplainCommand } from '../lib/cli/config/explain.js';

export default class Explain extends ExplainCommand {}
