using SeqCore.Models;

namespace Outside;

/// <summary>
/// A learning rate that rises and falls in triangles between a least factor and 1 (Smith, "Cyclical learning rates for training
/// neural networks", arXiv:1506.01186).
/// </summary>
/// <param name="halfCycle">Steps from the least rate to the full one, at least 1.</param>
/// <param name="least">The factor at the ends of a cycle, in [0, 1].</param>
public sealed class TriangularSchedule(long halfCycle, double least) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Factor(long step) => 1 - ((1 - least) * Math.Abs((step % (2 * halfCycle)) - halfCycle) / halfCycle);
}

public class OwnScheduleTests
{
    [Fact]
    public void Rises_and_falls() =>
        Enumerable.Range(0, 9).Select(s => new TriangularSchedule(4, 0.2).Factor(s))
            .Zip([0.2, 0.4, 0.6, 0.8, 1.0, 0.8, 0.6, 0.4, 0.2])
            .Should().AllSatisfy(p => p.First.Should().BeApproximately(p.Second, 1e-12));

    [Fact]
    public void Can_follow_a_warm_up_of_the_library() =>
        new WarmUpSchedule(10, new TriangularSchedule(4, 0.2)).Factor(14).Should().Be(1);
}
