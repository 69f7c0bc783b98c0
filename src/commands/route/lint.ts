import { LintCommand } from '../../lib/cli/route/lint.js';

export default class RouteLint extends LintCommand {}
