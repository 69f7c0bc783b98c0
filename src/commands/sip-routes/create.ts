import { createCommand } from '../../lib/cli/verbs/create.js';
import { sipRoute } from '../../lib/kinds/sip-route.js';

export default class SipRoutesCreate extends createCommand(sipRoute) {}
