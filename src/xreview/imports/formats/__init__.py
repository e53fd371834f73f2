"""The formats that can be imported, one module each: a module with a `FORMAT` adds one."""
