import { toggleCommand } from '../../lib/cli/verbs/toggle.js';
import { agent } from '../../lib/kinds/agent.js';

export default class AgentsDisable extends toggleCommand(agent, 'disable') {}
