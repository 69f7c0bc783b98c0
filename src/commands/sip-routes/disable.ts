import { toggleCommand } from '../../lib/cli/verbs/toggle.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesDisable extends toggleCommand(sipRoute, 'disable') {}
