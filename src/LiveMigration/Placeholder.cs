namespace LiveMigration;
