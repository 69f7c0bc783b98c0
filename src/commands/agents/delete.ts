import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsDelete extends deleteCommand(agent) {}
