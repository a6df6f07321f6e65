using SeqCore.Kernels;
using SeqCore.Kernels.Recurrent;

namespace SeqCore.Tests.Kernels.Recurrent;

public class SequenceOrderTests
{
    [Fact]
    public void The_longest_sequences_come_first_and_equal_ones_keep_their_order()
    {
        using var backend = new CpuBackend(1);
        using var order = Order(backend, 5, 2, 5, 0, 5, 1);
        order.IsPacked.Should().BeTrue();
        Enumerable.Range(0, 5).Select(order.Sequence).Should().Equal(1, 3, 0, 4, 2);
        Enumerable.Range(0, 5).Select(order.Active).Should().Equal(4, 3, 2, 2, 2);
        Enumerable.Range(0, 6).Select(order.Start).Should().Equal(0, 4, 7, 9, 11, 13);
    }

    [Fact]
    public void Whole_sequences_keep_the_order_of_the_batch()
    {
        using var backend = new CpuBackend(1);
        foreach (var lengths in (int[][])[[], [4, 4, 4]])
        {
            using var order = SequenceOrder.Of(backend, Plan(3, 4), lengths);
            order.IsPacked.Should().BeFalse();
            Enumerable.Range(0, 3).Select(order.Sequence).Should().Equal(0, 1, 2);
            Enumerable.Range(0, 4).Select(order.Active).Should().Equal(3, 3, 3, 3);
            Enumerable.Range(0, 5).Select(order.Start).Should().Equal(0, 3, 6, 9, 12);
        }
    }

    [Fact]
    public void Empty_sequences_have_no_rows()
    {
        using var backend = new CpuBackend(1);
        using var order = Order(backend, 3, 0, 0);
        Enumerable.Range(0, 4).Select(order.Start).Should().Equal(0, 0, 0, 0);
    }

    private static SequenceOrder Order(CpuBackend backend, int steps, params int[] lengths) =>
        SequenceOrder.Of(backend, Plan(lengths.Length, steps), lengths);

    private static RecurrentPlan Plan(int batch, int steps) =>
        RecurrentPlan.For<PlainLstm>(new RecurrentShape(batch, steps, 2, 3));
}
