namespace SeqCore.Kernels.Recurrent;

/// <summary>
/// The tasks of one step for some sequences of a batch: every block of units with every group of those sequences. What a task
/// computes for a sequence does not depend on the group that it is in.
/// </summary>
/// <param name="Blocks">The number of blocks of units.</param>
/// <param name="FirstRow">The first sequence.</param>
/// <param name="EndRow">The sequence after the last one.</param>
/// <param name="GroupRows">The largest number of sequences of a group.</param>
internal readonly record struct SequenceTasks(int Blocks, int FirstRow, int EndRow, int GroupRows)
{
    private int Groups => GroupRows == 0 ? 0 : (EndRow - FirstRow + GroupRows - 1) / GroupRows;

    /// <summary>
    /// Returns the tasks of one thread: whole blocks as far as possible, whose weights stay in its core's cache.
    /// </summary>
    internal (int First, int End) Of(int thread, int threads)
    {
        var count = (long)Blocks * Groups;
        return ((int)(count * thread / threads), (int)(count * (thread + 1) / threads));
    }

    /// <summary>Returns a task's block of units and its sequences.</summary>
    internal (int Block, int Row, int Rows) At(int task)
    {
        var row = FirstRow + (task % Groups * GroupRows);
        return (task / Groups, row, Math.Min(GroupRows, EndRow - row));
    }
}

/// <summary>The steps of a recurrent layer, which can be run for some of the sequences alone.</summary>
internal interface ISequenceSteps<TSelf> : ISimdRegion where TSelf : struct, ISequenceSteps<TSelf>
{
    /// <summary>Returns the steps of some sequences.</summary>
    /// <param name="tasks">The tasks of a step.</param>
    /// <param name="part">The number of these sequences' own temporary memory.</param>
    TSelf Only(SequenceTasks tasks, int part);
}

/// <summary>
/// All steps of a layer in chunks of whole sequences: a thread takes the next sequences when it has finished its own, and waits
/// for others only at the end.
/// </summary>
internal readonly struct SequenceChunks<TSteps>(TSteps steps, RecurrentPlan plan, int rows) : IChunks
    where TSteps : struct, ISequenceSteps<TSteps>
{
    public void Invoke(int chunk)
    {
        var first = chunk * rows;
        var tasks = new SequenceTasks(plan.Blocks, first, Math.Min(plan.Batch, first + rows), rows);
        new SimdRegion<TSteps>(steps.Only(tasks, chunk)).Invoke(0, 1, RegionBarrier.Alone);
    }
}
