import { RouteDiffCommand } from '../../lib/cli/route/diff.js';

export default class RouteDiff extends RouteDiffCommand {}
