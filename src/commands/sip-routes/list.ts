import { listCommand } from '../../lib/cli/verbs/list.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesList extends listCommand(sipRoute) {}
