namespace SeqCore.Tests.Kernels.Devices;

public class DeviceTests
{
    [Fact]
    public void The_list_has_the_CPU_and_something_on_both_kinds_of_GPU()
    {
        var list = Device.List();
        list[0].Should().Match<DeviceInfo>(i => i.Device == Device.Cpu && i.UnusableReason == null && i.Memory > 0);
        list.Select(i => i.Device.Kind).Distinct().Should().Equal(DeviceKind.Cpu, DeviceKind.Cuda, DeviceKind.OpenCl);
        list.Where(i => i.Memory is null)
            .Should().OnlyContain(i => i.UnusableReason!.EndsWith('.'), "what is not known cannot be used, and it says why");
        foreach (var kind in list.GroupBy(i => i.Device.Kind))
            kind.Select(i => i.Device.Index).Should().Equal(Enumerable.Range(0, kind.Count()));
    }

    [Fact]
    public void A_device_describes_itself_as_the_list_does_and_one_that_is_not_there_says_so()
    {
        foreach (var info in Device.List())
            (info.Device.GetInfo() with { Memory = null }).Should().Be(info with { Memory = null });
        new Device(DeviceKind.OpenCl, 77).GetInfo().UnusableReason.Should().Be("there is no such device.");
    }

    [Theory]
    [InlineData("cuda:77")]
    [InlineData("opencl:77")]
    public void A_device_that_is_not_there_cannot_be_made_and_the_error_says_what_to_use(string name)
    {
        var act = () => Device.Parse(name).CreateBackend();
        act.Should().Throw<NotSupportedException>().WithMessage($"{name}: *. Use the cpu device*");
    }
}
