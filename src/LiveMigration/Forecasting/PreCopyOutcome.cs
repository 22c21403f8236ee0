namespace LiveMigration.Forecasting;

/// <summary>How a simulated migration ended. Times are seconds, sizes are bytes.</summary>
/// <param name="Ended">Whether it ended by itself before the deadline, or was switched as planned.</param>
/// <param name="Seconds">Until the guest was stopped, or all was given up.</param>
/// <param name="Bytes">Sent until then.</param>
/// <param name="Passes">Passes over memory.</param>
/// <param name="Remaining">What was not yet sent.</param>
/// <param name="Throttle">How much the guest was slowed down at the end, in percent.</param>
/// <param name="Lost">How long the guest was kept from running by being slowed down.</param>
/// <param name="Switched">Whether it was switched, before it ended by itself.</param>
internal readonly record struct PreCopyOutcome(bool Ended, double Seconds, double Bytes, int Passes, double Remaining, int Throttle, double Lost, bool Switched = false);
