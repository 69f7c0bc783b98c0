import { toggleCommand } from '../../lib/cli/verbs/toggle.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersDisable extends toggleCommand(peer, 'disable') {}
