import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesDelete extends deleteCommand(sipRoute) {}
