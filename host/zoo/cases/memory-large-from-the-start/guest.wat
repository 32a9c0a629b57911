(memory (export "memory") 65)
