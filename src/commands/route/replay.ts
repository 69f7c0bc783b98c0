import { ReplayCommand } from '../../lib/cli/route/replay.js';

export default class RouteReplay extends ReplayCommand {}
