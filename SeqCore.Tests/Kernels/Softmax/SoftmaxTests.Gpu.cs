using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Softmax;

[Collection(GpuCollection.Name)]
public class SoftmaxGpuTests
{
    [Fact]
    public void Devices_agree_on_softmax()
    {
        foreach (var columns in Numbers.AwkwardLengths)
        {
            using var pair = new DevicePair();
            var x = pair.Put(Numbers.Normal(5 * columns, columns, 3f));
            var y = pair.Room(5 * columns);
            pair.Run((backend, at) => backend.Softmax(at[x], at[y], 5, columns));
            pair.ShouldAgree(y, 1e-6, 1e-7, $"{columns} columns");
        }
    }
}
