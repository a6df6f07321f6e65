namespace SeqCore.Kernels;

/// <summary>
/// Your own kernel for the CPU: a struct whose fields are its operands and whose <see cref="Run"/> computes one row.
/// <see cref="CpuBackend.ForEachRow"/> runs it; <c>IGpuKernel</c> is its counterpart for a GPU.
/// <see cref="DeviceSpan{T}.AsHostSpan"/> gives the elements of an operand.
/// </summary>
public interface ICpuKernel
{
    /// <summary>
    /// Computes one row. Rows run on several threads, in any order: a row may not write what another one reads or writes, so that
    /// the results do not depend on the number of threads.
    /// </summary>
    /// <param name="row">The row, counted from 0.</param>
    void Run(int row);
}
