namespace LiveMigration.PowerShell;
