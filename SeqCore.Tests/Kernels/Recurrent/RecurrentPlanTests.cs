using SeqCore.Kernels;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Tests.Kernels.Recurrent;

public class RecurrentPlanTests
{
    [Theory]
    [InlineData(16, 128, 2, 8)]
    [InlineData(64, 128, 2, 16)]
    [InlineData(64, 128, 4, 8)]
    [InlineData(20, 128, 2, 12)]
    [InlineData(16, 128, 1, 0)]
    [InlineData(16, 128, 8, 0)]
    [InlineData(12, 128, 2, 0)]
    [InlineData(64, 256, 2, 0)]
    public void Threads_take_whole_sequences_of_large_batches(int batch, int hidden, int threads, int rows)
    {
        var plan = RecurrentPlan.For<PlainLstm>(new RecurrentShape(batch, 100, 8, hidden));
        plan.SequencesOfPart(threads).Should().Be(rows);
    }

    [Fact]
    public void One_short_step_is_not_worth_a_second_thread()
    {
        RecurrentPlan.For<PlainLstm>(new RecurrentShape(16, 1, 8, 16)).SequencesOfPart(2).Should().Be(0);
    }
}
