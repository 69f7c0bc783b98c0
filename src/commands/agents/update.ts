import { updateCommand } from '../../lib/cli/verbs/update.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsUpdate extends updateCommand(agent) {}
