import { createCommand } from '../../lib/cli/verbs/create.js';
import { peer } from '../../lib/kinds/peer.js';

export default class PeersCreate extends createCommand(peer) {}
