import { openMemoryEngine } from "../../src/engines/memory/memory-engine.js";
import { engineContract } from "./contract.js";

engineContract("the memory engine, on promises", () => openMemoryEngine("async"));
