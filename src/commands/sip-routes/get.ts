import { getCommand } from '../../lib/cli/verbs/get.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesGet extends getCommand(sipRoute) {}
