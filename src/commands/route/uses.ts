import { UsesCommand } from '../../lib/cli/route/uses.js';

export default class RouteUses extends UsesCommand {}
