using System.Text;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The list of folders that the customer shares, on the disk.</summary>
public sealed class SharedFolderFileTests
{
    private static readonly string Root = OperatingSystem.IsWindows() ? @"C:\\" : "/";

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":2,"folders":[]}""")]
    [InlineData("""{"version":1,"folders":[],"more":1}""")]
    [InlineData("""{"version":1,"version":1,"folders":[]}""")]
    [InlineData("""{"version":1,"folders":{}}""")]
    [InlineData("""{"version":1,"folders":[1]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"a","path":"ROOTa"}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"a","path":"ROOTa","readOnly":"no"}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"a","path":"relative","readOnly":false}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"a/b","path":"ROOTa","readOnly":false}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"..","path":"ROOTa","readOnly":false}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":null,"path":"ROOTa","readOnly":false}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"a","path":"ROOTa","readOnly":false},{"name":"A","path":"ROOTb","readOnly":false}]}""")]
    [InlineData("""{"version":1,"folders":[{"name":"\ud800","path":"ROOTa","readOnly":false}]}""")]
    public void TryRead_NotExactlyAList_IsNone(string text) => Assert.Null(SharedFolderFile.TryRead(Encoding.UTF8.GetBytes(text.Replace("ROOT", Root, StringComparison.Ordinal))));

    [Fact]
    public void TryRead_TooManyOrTooLong_IsNone()
    {
        string Folder(int i) => $"{{\"name\":\"f{i}\",\"path\":\"{Root}f{i}\",\"readOnly\":true}}";
        string List(int count) => $"{{\"version\":1,\"folders\":[{string.Join(',', Enumerable.Range(0, count).Select(Folder))}]}}";

        Assert.Equal(SharedFolderFile.MaxFolders, SharedFolderFile.TryRead(Encoding.UTF8.GetBytes(List(SharedFolderFile.MaxFolders)))?.Count);
        Assert.Null(SharedFolderFile.TryRead(Encoding.UTF8.GetBytes(List(SharedFolderFile.MaxFolders + 1))));
        Assert.Null(SharedFolderFile.TryRead(Encoding.UTF8.GetBytes(List(1) + new string(' ', SharedFolderFile.MaxBytes))));
        Assert.Null(SharedFolderFile.TryRead([0xff, 0xfe]));
    }

    [Fact]
    public void TryRead_BytesOfChance_NeverThrows()
    {
        var random = new Random(1);
        byte[] good = Encoding.UTF8.GetBytes($"{{\"version\":1,\"folders\":[{{\"name\":\"a\",\"path\":\"{Root}a\",\"readOnly\":true}}]}}");
        Assert.NotNull(SharedFolderFile.TryRead(good));
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (SharedFolderFile.TryRead(bytes) is { } folders) Assert.All(folders, folder => Assert.True(Path.IsPathFullyQualified(folder.FullPath)));
        }
    }
}
