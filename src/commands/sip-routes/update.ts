import { updateCommand } from '../../lib/cli/verbs/update.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesUpdate extends updateCommand(sipRoute) {}
