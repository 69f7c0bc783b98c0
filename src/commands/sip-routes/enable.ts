import { toggleCommand } from '../../lib/cli/verbs/toggle.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesEnable extends toggleCommand(sipRoute, 'enable') {}
