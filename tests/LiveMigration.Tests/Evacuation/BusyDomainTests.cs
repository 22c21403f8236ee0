using LiveMigration.Evacuation.Running;
using LiveMigration.Readiness;

namespace LiveMigration.Tests.Evacuation;

/// <summary>E: a short job of a VM, such as a snapshot, is waited for; nothing else that fails is.</summary>
public sealed class BusyDomainTests
{
    [Theory]
    [InlineData(true, "NoJob")]
    [InlineData(false, "NoJob", "CpuFits")]
    [InlineData(false, "NoBlockJob")]
    [InlineData(false)]
    public void Only_a_job_that_alone_is_in_the_way_is_waited_for(bool isBusy, params string[] failed) =>
        Assert.Equal(isBusy, MoveAttempt.IsBusy(new ReadinessReport
        {
            Findings =
            [
                .. failed.Select(check => Finding(check, CheckStatus.Fail)),
                Finding("NoSharedMemory", CheckStatus.Pass),
            ],
            When = default,
            Took = default,
        }));

    private static ReadinessFinding Finding(string check, CheckStatus status) => new()
    {
        Id = "LM000", Check = check, Title = check, Category = CheckCategory.State, Severity = CheckSeverity.Blocker, Status = status, Evidence = "", Blocks = status is CheckStatus.Fail,
    };
}
