using LiveMigration.Evacuation.Balancing;

namespace LiveMigration.Tests.Evacuation.Balancing;

/// <summary>V8: the imbalance is one number whose parts can be checked with a pocket calculator.</summary>
public sealed class LoadImbalanceTests
{
    [Fact]
    public void Equal_shares_are_no_imbalance() => Assert.Equal(new LoadImbalance(0, 0, 0), LoadImbalance.Of([0.5, 0.5], [0.25, 0.25]));

    [Fact]
    public void A_full_host_beside_an_empty_one_is_a_half() => Assert.Equal(0.5, LoadImbalance.Of([1, 0], [1, 0]).Value);

    [Fact]
    public void A_part_is_the_population_standard_deviation()
    {
        // The shares 0.2, 0.4, 0.9: mean 0.5, squares of the distances 0.09 + 0.01 + 0.16 = 0.26, of which a third is 0.08667.
        var imbalance = LoadImbalance.Of([0.2, 0.4, 0.9], [0.5, 0.5, 0.5]);
        Assert.Equal(0.29439, imbalance.Cpu!.Value, 5);
        Assert.Equal(0.14720, imbalance.Value!.Value, 5);
    }

    [Fact]
    public void Weights_are_shares_of_the_mean()
    {
        var options = new BalanceOptions { CpuWeight = 3, MemoryWeight = 1 };
        Assert.Equal(0.75 * 0.5, LoadImbalance.Of([1, 0], [0.3, 0.3], options).Value!.Value, 9);
    }

    [Fact]
    public void What_a_host_does_not_report_makes_the_number_unknown_unless_it_has_no_weight()
    {
        Assert.Equal(new LoadImbalance(null, 0.5, null), LoadImbalance.Of([1, null], [1, 0]));
        Assert.Equal(0.5, LoadImbalance.Of([1, null], [1, 0], new BalanceOptions { CpuWeight = 0 }).Value);
        Assert.Null(LoadImbalance.Of([], []).Value);
    }
}
