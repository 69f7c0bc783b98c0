import { ApplyCommand } from '../lib/cli/config/apply.js';

export default class Apply extends ApplyCommand {}
