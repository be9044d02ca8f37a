using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class FileFaultTests
{
    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    [InlineData(69)]
    [InlineData(unchecked((int)0x80070070))]
    [InlineData(unchecked((int)0x80070027))]
    public void Run_EachSystemsFullDisk_IsDiskFull(int code)
    {
        StateException fault = Assert.Throws<StateException>(() => FileFault.Run("/somewhere", () => throw new IOException("", code)));

        Assert.Equal((StateError.DiskFull, "/somewhere"), (fault.Error, fault.Path));
        Assert.IsType<IOException>(fault.InnerException);
    }

    [Theory]
    [InlineData(typeof(FileNotFoundException), StateError.Missing)]
    [InlineData(typeof(DirectoryNotFoundException), StateError.Missing)]
    [InlineData(typeof(UnauthorizedAccessException), StateError.NotWritable)]
    [InlineData(typeof(IOException), StateError.NotWritable)]
    public void Run_OtherFailures_AreTheDeclaredError(Type failure, StateError expected) => Assert.Equal(
        expected,
        Assert.Throws<StateException>(() => FileFault.Run("/somewhere", () => throw (Exception)Activator.CreateInstance(failure)!)).Error);

    [Fact]
    public void Run_FaultOfTheProgram_IsNotHidden() =>
        Assert.Throws<InvalidOperationException>(() => FileFault.Run("/somewhere", () => throw new InvalidOperationException()));
}
