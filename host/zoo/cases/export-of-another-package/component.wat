(component (instance $e) (export "my:own/content@1.0.0" (instance $e)))
